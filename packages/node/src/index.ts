export { createNode, type NodeServices } from './create-node.ts'
export { openDataDir, readIdentity, type DataDir } from './data-dir.ts'
export { DATA_DIR_DEFAULTS, NODE_DEFAULTS } from './defaults.ts'
export {
  DataDirError,
  DataDirLockedError,
  InvalidListenAddressError,
  InvalidPskError,
  KeyFileCorruptError,
  KeyFileInsecureError,
  KeyFileUnreadableError
} from './errors.ts'
export { type NodeInit } from './node-init.ts'
export { nodePlan } from './node-limits.ts'
export { type Node } from './node.ts'
