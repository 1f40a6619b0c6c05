import { noise } from '@libp2p/noise'
import { yamux } from '@libp2p/yamux'
import { fromStreamMuxerFactory, nullLogger, toStreamMuxerFactory } from '@weir/adapters'
import { tcp } from '@weir/tcp'
import { yamuxFactory } from '@weir/yamux'
import { jsSuites, leaveOut } from '../src/js-suites.ts'

const { connectionEncryptionSuite, streamMuxerSuite, transportSuite } = await jsSuites()

const teardown = async (): Promise<void> => {}

// A test that asks that two writes come as two messages. Streams carry bytes: what one turn writes goes out together.
const BOUNDARIES = 'can close a stream for writing'

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

  describe('muxer: @libp2p/yamux there and back through @weir/adapters', function () {
    const multiplexer = fromStreamMuxerFactory(yamux()(), { maxAcceptQueue: 1_000 }) // that many streams come in one turn
    streamMuxerSuite({ setup: async () => toStreamMuxerFactory(multiplexer), teardown })
    leaveOut(this, BOUNDARIES)
  })

  describe('muxer: @weir/yamux', function () {
    streamMuxerSuite({ setup: async () => yamuxFactory()(), teardown })
    leaveOut(this, BOUNDARIES)
    // Asks that a stream is not closed while the connection below is slow. Ours is when its bytes and its end were taken under the remote's window.
    leaveOut(this, 'should abort close due to timeout with slow sender')
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
