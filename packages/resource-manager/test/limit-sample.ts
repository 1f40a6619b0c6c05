export const SAMPLE_PEER = '12D3KooWPFH2Bx2tPfw6RLxN8k2wh47GRXgkt9yrAHU37zFwHWzS'

/** The configuration that go-libp2p's own parser tests read, with memory written as `write` does. */
export function limitSample (write: (bytes: number) => number | string): string {
  return JSON.stringify({
    System: { Memory: write(65_536), Conns: 16, ConnsInbound: 8, ConnsOutbound: 16, FD: 16 },
    ServiceDefault: { Memory: write(8_765) },
    Service: { A: { Memory: write(8_192) }, B: {} },
    ServicePeerDefault: { Memory: write(2_048) },
    ServicePeer: { A: { Memory: write(4_096) } },
    ProtocolDefault: { Memory: write(2_048) },
    ProtocolPeerDefault: { Memory: write(1_024) },
    Protocol: { '/A': { Memory: write(8_192) } },
    PeerDefault: { Memory: write(4_096) },
    Peer: { [SAMPLE_PEER]: { Memory: write(4_097) } }
  }, undefined, 4)
}
