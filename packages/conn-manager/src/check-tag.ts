import { MAX_TAG_VALUE } from './defaults.ts'

/** @throws {TypeError} when it is no `module:tag`: two modules with a tag of one name would take it from each other */
export function checkTagName (tag: string): void {
  const colon = tag.indexOf(':')
  if (colon < 1 || colon === tag.length - 1) throw new TypeError(`a tag is named module:tag, such as kad-dht:bucket, got ${tag}`)
}

/** @throws {RangeError} when it is no whole number that sums of tags stay exact with */
export function checkTagValue (tag: string, value: number): void {
  if (!Number.isSafeInteger(value) || Math.abs(value) > MAX_TAG_VALUE) throw new RangeError(`the value of the tag ${tag} must be a whole number of no more than ${MAX_TAG_VALUE}, got ${value}`)
}
