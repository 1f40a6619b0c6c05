export interface MultistreamDefaults {
  /** The longest message, its newline included and its length not. Go and js allow this much. */
  readonly maxMessageBytes: number
  /**
   * How many proposals one negotiation may make, `ls` included. Real dialers make at most about six (gossipsub has five
   * versions); each one more costs the responder a look-up and an answer.
   */
  readonly maxProposals: number
}

export const MULTISTREAM_DEFAULTS: MultistreamDefaults = Object.freeze({
  maxMessageBytes: 1024,
  maxProposals: 16
})

/** A shorter limit would not let the header through. */
export const MESSAGE_BYTES_MIN = 19

/** What a length of two bytes can say; rust allows no more either. */
export const MESSAGE_BYTES_MAX = 16_383
