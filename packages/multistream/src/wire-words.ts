/** The first message both ways. */
export const MULTISTREAM_HEADER = '/multistream/1.0.0'

/** The answer to a proposal that is not spoken here. */
export const NOT_AVAILABLE = 'na'

/** Asks for the list of protocols. */
export const LIST_PROTOCOLS = 'ls'
