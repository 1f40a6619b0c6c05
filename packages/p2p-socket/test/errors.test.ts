import assert from 'node:assert/strict'
import * as scheduler from '@weir/io-scheduler'
import * as socket from '../src/index.ts'
import { P2pPeerId, p2pPoint } from '../src/index.ts'

const PEER = P2pPeerId.parse('idsg2wkkDDv2cbEMK4zH49fjgyn7XT')
const POINT = p2pPoint('192.0.2.1', 9_732)
const VERSION = { chainName: 'TEZOS', distributedDbVersion: 2, p2pVersion: 1 }

/** The catalogue of reference/tezos-p2p.md 2.10: Octez's id, our class, what it holds. */
const CATALOGUE: ReadonlyArray<readonly [string, Error, object]> = [
  ['node.p2p_io_scheduler.connection_closed', new scheduler.ConnectionClosedError('peer'), { by: 'peer' }],
  ['node.p2p_io_scheduler.connection_error', new scheduler.ConnectionError(), {}],
  ['p2p_io_scheduler.invalid_read_request', new scheduler.InvalidReadRequestError('0 <= length', { posBytes: 0, lengthBytes: -1, bufferBytes: 1 }), { expected: '0 <= length', lengthBytes: -1 }],
  ['node.p2p_socket.decipher_error', new socket.DecipherError(), {}],
  ['node.p2p_socket.invalid_message_size', new socket.InvalidMessageSizeError(9), { sizeBytes: 9 }],
  ['node.p2p_socket.invalid_incoming_ciphertext_size', new socket.InvalidIncomingCiphertextSizeError(9), { sizeBytes: 9 }],
  ['node.p2p_socket.rejected_socket_connection', new socket.RejectedSocketConnectionError(), {}],
  ['node.p2p_socket.rejected_by_nack', new socket.RejectedByNackError('already-connected', [POINT]), { motive: 'already-connected', alternativePoints: [POINT] }],
  ['node.p2p_socket.rejected_no_common_protocol', new socket.RejectedNoCommonProtocolError(VERSION), { announced: VERSION }],
  ['node.p2p_socket.myself', new socket.MyselfError(POINT), { connectionId: POINT }],
  ['node.p2p_socket.not_enough_proof_of_work', new socket.NotEnoughProofOfWorkError(PEER), { peerId: PEER }],
  ['node.p2p_socket.invalid_auth', new socket.InvalidAuthError(), {}],
  ['node.p2p_socket.invalid_chunks_size', new socket.InvalidChunksSizeError({ value: 1, min: 19, max: 65_535 }), { value: 1, min: 19, max: 65_535 }],
  ['node.p2p_socket.rejecting_incoming', new socket.RejectingIncomingError('no-motive'), { motive: 'no-motive' }],
  ['node.p2p_conn.peer_discovery_disabled', new socket.PeerDiscoveryDisabledError(), {}],
  ['node.p2p_pool.pending_connection', new socket.PendingConnectionError(), {}],
  ['node.p2p_pool.connected', new socket.ConnectedError(), {}],
  ['node.p2p_pool.connection_failed', new socket.ConnectionFailedError(), {}],
  ['node.p2p_pool.rejected', new socket.RejectedError({ peer: PEER, motive: 'no-motive' }), { peer: PEER, motive: 'no-motive' }],
  ['node.p2p_pool.too_many_connections', new socket.TooManyConnectionsError(), {}],
  ['node.p2p_pool.private_mode', new socket.PrivateModeError(), {}],
  ['node.p2p_pool.point_banned', new socket.PointBannedError(POINT), { point: POINT }],
  ['node.p2p_pool.peer_banned', new socket.PeerBannedError(PEER), { peer: PEER }],
  ['node.p2p_pool.disabled', new socket.P2pLayerDisabledError(), {}],
  ['node.p2p_connect_handler.identity_check_failure', new socket.IdentityCheckFailureError({ point: POINT, expectedPeer: PEER, receivedPeer: PEER }), { point: POINT, expectedPeer: PEER, receivedPeer: PEER }],
  ['node.p2p_maintenance.disabled', new socket.MaintenanceDisabledError(), {}],
  ['p2p.welcome.failed_to_open_listening_socket', new socket.FailedToOpenListeningSocketError({ reason: 'in use', address: '::', port: 1 }), { reason: 'in use', address: '::', port: 1 }],
  ['p2p.fd.Full_waiting_queue', new socket.FullWaitingQueueError(), {}],
  ['Decoding_error', new socket.DecodingError('extra-bytes', 'one'), { fault: 'extra-bytes' }],
  ['Encoding_error', new socket.EncodingError('no'), {}],
  ['main.identity.no_file', new socket.NoIdentityFileError('x'), { path: 'x' }],
  ['main.identity.identity_mismatch', new socket.IdentityMismatchError('x'), { path: 'x' }],
  ['main.identity.identity_keys_mismatch', new socket.IdentityKeysMismatchError('x'), { path: 'x' }],
  ['main.identity.insufficient_proof_of_work', new socket.InsufficientProofOfWorkError('x', 26), { expectedBits: 26 }],
  ['main.identity.existent_file', new socket.ExistentIdentityFileError('x'), { path: 'x' }]
]

/** Errors that Octez has no name for. */
const OURS: readonly Error[] = [
  new socket.LowOrderPublicKeyError(), new socket.NonceExhaustedError(), new socket.HandshakeTimeoutError('accept', 5), new socket.TooManyPointsError({ points: 100, max: 99 }),
  new socket.EncodedMessageUsedError(), new socket.InvalidPointError('x'), new socket.InvalidPeerIdError('x'), new socket.InvalidIdentityFileError('x', 'no'), new scheduler.IoSchedulerClosedError()
]

describe('the errors', () => {
  for (const [octezId, error, data] of CATALOGUE) {
    it(`${error.name} is ${octezId}`, () => {
      assert.equal((error as { octezId?: string }).octezId, octezId)
      for (const [key, value] of Object.entries(data)) assert.deepEqual((error as unknown as Record<string, unknown>)[key], value)
    })
  }

  it('are told by their codes, each by its own only, and carry their cause', () => {
    const all = [...CATALOGUE.map(([, error]) => error), ...OURS]
    assert.equal(new Set(all.map(error => (error as { code?: string }).code)).size, all.length)
    for (const error of all) {
      const { is } = error.constructor as unknown as { is (error: unknown): boolean }
      assert.equal(error.name, error.constructor.name)
      assert.ok(error.message.length > 0)
      for (const other of all) assert.equal(is(other), other === error, `${error.name} and ${other.name}`)
    }
    assert.equal(new socket.DecipherError({ cause: 7 }).cause, 7)
  })

  it('are all here that the packages export', () => {
    const names = new Set([...CATALOGUE.map(([, error]) => error), ...OURS].map(error => error.name))
    assert.deepEqual(Object.keys({ ...socket, ...scheduler }).filter(name => name.endsWith('Error') && !names.has(name)), [])
  })
})
