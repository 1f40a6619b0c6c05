import { noise } from '@libp2p/noise'
import { yamux } from '@libp2p/yamux'
import { fromStreamMuxerFactory, nullLogger, toStreamMuxerFactory } from '@weir/adapters'
import { tcp } from '@weir/tcp'
import { yamuxFactory } from '@weir/yamux'
import { jsSuites } from '../src/js-suites.ts'

const { connectionEncryptionSuite, streamMuxerSuite, transportSuite } = await jsSuites()

const teardown = async (): Promise<void> => {}

const isTcp = (addr: unknown): boolean => tcp()({ logger: nullLogger }).dialFilter([addr as never]).length === 1
const tcpMatcher = { matches: isTcp, exactMatch: isTcp }

describe("js-libp2p's suites", () => {
  describe('transport: @weir/tcp in stock js-libp2p', () => {
    const parts = { transports: [tcp()], connectionEncrypters: [noise()], streamMuxers: [yamux()] }
    transportSuite({
      setup: async () => ({
        dialer: { ...parts, connectionMonitor: { enabled: false } },
        listener: { ...parts, connectionMonitor: { enabled: false }, addresses: { listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0'] } },
        dialMultiaddrMatcher: tcpMatcher,
        listenMultiaddrMatcher: tcpMatcher
      }),
      teardown
    })
  })

  describe('muxer: @libp2p/yamux there and back through @weir/adapters', () => {
    const multiplexer = fromStreamMuxerFactory(yamux()(), { maxAcceptQueue: 1_000 }) // that many streams come in one turn
    streamMuxerSuite({ setup: async () => toStreamMuxerFactory(multiplexer), teardown })
  })

  describe('muxer: @weir/yamux', () => {
    streamMuxerSuite({ setup: async () => yamuxFactory()(), teardown })
  })

  describe('transport: @weir/yamux in stock js-libp2p', () => {
    const parts = { transports: [tcp()], connectionEncrypters: [noise()], streamMuxers: [yamuxFactory()], connectionMonitor: { enabled: false } }
    transportSuite({
      setup: async () => ({
        dialer: parts,
        listener: { ...parts, addresses: { listen: ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0'] } },
        dialMultiaddrMatcher: tcpMatcher,
        listenMultiaddrMatcher: tcpMatcher
      }),
      teardown
    })
  })

  describe('encrypter: @libp2p/noise, as the control', () => {
    connectionEncryptionSuite({
      setup: async ({ privateKey }) => noise()({ privateKey, logger: nullLogger, upgrader: { getStreamMuxers: () => new Map() } as never } as never),
      teardown
    })
  })
})
