export { default as connectionEncryptionSuite } from '@libp2p/interface-compliance-tests/connection-encryption'
export { default as streamMuxerSuite } from '@libp2p/interface-compliance-tests/stream-muxer'
export { default as transportSuite } from '@libp2p/interface-compliance-tests/transport'
