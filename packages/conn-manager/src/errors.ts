import { hasCode } from '@weir/network'

/** The manager would begin to trim where the limit has refused long ago. */
export class WatermarkAboveLimitError extends Error {
  override readonly name = 'WatermarkAboveLimitError'
  readonly code = 'WATERMARK_ABOVE_LIMIT'
  readonly highWater: number
  readonly connLimit: number

  constructor (highWater: number, connLimit: number, options?: ErrorOptions) {
    super(`the high water mark of the connection manager, ${highWater}, is above the connection limit of the system, ${connLimit}: connections would be refused before any is trimmed; lower highWater to ${connLimit} or less, or raise the limit to ${highWater} or more`, options)
    this.highWater = highWater
    this.connLimit = connLimit
  }

  static is (error: unknown): error is WatermarkAboveLimitError {
    return hasCode(error, 'WATERMARK_ABOVE_LIMIT')
  }
}

/** A second decaying tag of one name. */
export class DecayingTagExistsError extends Error {
  override readonly name = 'DecayingTagExistsError'
  readonly code = 'DECAYING_TAG_EXISTS'
  readonly tag: string

  constructor (tag: string, options?: ErrorOptions) {
    super(`decaying tag with name ${tag} already exists: close it first, or share it`, options)
    this.tag = tag
  }

  static is (error: unknown): error is DecayingTagExistsError {
    return hasCode(error, 'DECAYING_TAG_EXISTS')
  }
}

/** Using a decaying tag that was closed. */
export class DecayingTagClosedError extends Error {
  override readonly name = 'DecayingTagClosedError'
  readonly code = 'DECAYING_TAG_CLOSED'
  readonly tag: string

  constructor (tag: string, options?: ErrorOptions) {
    super(`decaying tag ${tag} had been closed`, options)
    this.tag = tag
  }

  static is (error: unknown): error is DecayingTagClosedError {
    return hasCode(error, 'DECAYING_TAG_CLOSED')
  }
}

/** More decaying tags than `maxDecayingTags`. */
export class TooManyDecayingTagsError extends Error {
  override readonly name = 'TooManyDecayingTagsError'
  readonly code = 'TOO_MANY_DECAYING_TAGS'
  readonly tag: string
  readonly limit: number

  constructor (tag: string, limit: number, options?: ErrorOptions) {
    super(`no room for the decaying tag ${tag}: there are ${limit}; close some, or raise maxDecayingTags`, options)
    this.tag = tag
    this.limit = limit
  }

  static is (error: unknown): error is TooManyDecayingTagsError {
    return hasCode(error, 'TOO_MANY_DECAYING_TAGS')
  }
}
