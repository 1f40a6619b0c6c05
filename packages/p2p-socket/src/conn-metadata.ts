import type { Encoding } from './encoding/encoding.ts'
import { bool } from './encoding/numbers.ts'
import { struct } from './encoding/struct.ts'

/**
 * What both sides tell of themselves once they are encrypted, in whatever form the layer above has.
 *
 * @see reference/tezos-p2p.md 2.6 and 5.2b, "conn_meta_config"
 */
export interface ConnMetaConfig<Meta> {
  /** It must fit into one chunk. */
  readonly encoding: Encoding<Meta>
  /** Ours, asked once for each connection. */
  value (): Meta
  /** Whether metadata says that a node wants not to be told of to others. */
  privateNode (metadata: Meta): boolean
}

/** The metadata of Tezos's nodes. */
export interface NodeMetadata {
  readonly disableMempool: boolean
  readonly privateNode: boolean
}

const nodeMetadataEncoding: Encoding<NodeMetadata> = struct<NodeMetadata>({ disableMempool: bool, privateNode: bool })

/** Metadata as Tezos's nodes send it, the same for every connection. */
export function nodeMetaConfig (metadata: NodeMetadata = { disableMempool: false, privateNode: false }): ConnMetaConfig<NodeMetadata> {
  return { encoding: nodeMetadataEncoding, value: () => metadata, privateNode: ({ privateNode }) => privateNode }
}
