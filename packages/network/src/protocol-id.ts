/** The name of a protocol as it goes over the wire, such as `/ipfs/ping/1.0.0`. */
export type ProtocolID = string
