export interface HostDefaults {
  /** How long the agreement on a stream's protocol may take, either way. As in Go. */
  readonly negotiationTimeoutMs: number
  /** How many protocols `ls` and identify are told of at most: more than a real node has, and less than a message holds. */
  readonly maxListedProtocols: number
  /** What identify tells everybody who connects. */
  readonly userAgent: string
  /** Of peers that are gone, how many the js peer store remembers: the ones that left first are forgotten first. */
  readonly maxRememberedPeers: number
}

export const HOST_DEFAULTS: HostDefaults = Object.freeze({
  negotiationTimeoutMs: 10_000,
  maxListedProtocols: 1_024,
  userAgent: 'weir',
  maxRememberedPeers: 1_000
})

export interface IdentifyDefaults {
  readonly maxAddrsConnected: number
  readonly maxAddrsRecentlyConnected: number
  readonly maxProtocols: number
  readonly maxVersionChars: number
}

/** How much of what a peer says of itself is kept. @see reference/go-libp2p.md 6, "Identify" */
export const IDENTIFY_DEFAULTS: IdentifyDefaults = Object.freeze({
  maxAddrsConnected: 500,
  maxAddrsRecentlyConnected: 20,
  maxProtocols: 1_024,
  maxVersionChars: 256
})

export interface JsStreamDefaults {
  readonly maxInboundStreams: number
  readonly maxOutboundStreams: number
}

/** Streams of one protocol on one connection, for js services that name no limit of their own. @see reference/js-libp2p.md 3.1 */
export const JS_STREAM_DEFAULTS: JsStreamDefaults = Object.freeze({
  maxInboundStreams: 32,
  maxOutboundStreams: 64
})

export interface AddressDefaults {
  /** Addresses at which remotes say they see us: so many that nobody has confirmed, and so many that somebody has. */
  readonly maxObserved: number
}

export const ADDRESS_DEFAULTS: AddressDefaults = Object.freeze({ maxObserved: 10 })

export interface PingDefaults {
  readonly payloadBytes: number
  /** How long one ping waits for its answer. */
  readonly timeoutMs: number
  /** The responder's: how long one stream is answered at all. */
  readonly responderTotalMs: number
  /** The responder's: how long it waits for the next ping. */
  readonly responderIdleMs: number
  /** The initiator's: a stream that is older is not used again, so that the responder's total is never met. */
  readonly reuseTotalMs: number
  /** The initiator's: a stream that was idle for longer is not used again. */
  readonly reuseIdleMs: number
}

/** @see reference/go-libp2p.md 6, "Ping" */
export const PING_DEFAULTS: PingDefaults = Object.freeze({
  payloadBytes: 32,
  timeoutMs: 10_000,
  responderTotalMs: 30_000,
  responderIdleMs: 10_000,
  reuseTotalMs: 20_000,
  reuseIdleMs: 5_000
})

export interface EchoDefaults {
  /** How long the responder waits for the next bytes, and for its answer to be taken. */
  readonly idleMs: number
}

export const ECHO_DEFAULTS: EchoDefaults = Object.freeze({ idleMs: 30_000 })

export interface PerfDefaults {
  readonly chunkBytes: number
  /** Both sides': how long one measurement may take. */
  readonly timeoutMs: number
  /** The responder's: how much it sends, and how much it takes, at most. */
  readonly maxBytes: number
}

export const PERF_DEFAULTS: PerfDefaults = Object.freeze({
  chunkBytes: 65_536,
  timeoutMs: 120_000,
  maxBytes: Infinity
})

export interface ServiceCharge {
  readonly service: string
  /** What one stream buffers of a remote's message. */
  readonly memoryBytes: number
}

/** To which service, by its name in Go, the streams of stock js services are charged, and with what. @see reference/go-libp2p.md 6, "Identify" */
export const JS_SERVICE_CHARGES: Readonly<Record<string, ServiceCharge>> = Object.freeze({
  '/ipfs/id/1.0.0': { service: 'libp2p.identify', memoryBytes: 8_192 },
  '/ipfs/id/push/1.0.0': { service: 'libp2p.identify', memoryBytes: 8_192 }
})
