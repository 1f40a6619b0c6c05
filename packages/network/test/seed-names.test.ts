import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import * as network from '../src/index.ts'

// The README's table promises that nothing of seed 004 is missing here. This test holds the seed's names as data, reads
// the table, and looks for every name on its right side in what index.ts exports.

/** Every name of the seed; a type's members follow it in the same line. */
const SEED = `
  ReservationPriorityLow ReservationPriorityMedium ReservationPriorityHigh ReservationPriorityAlways MessageSizeMax
  DialPeerTimeout ErrLimitedConn ErrNoConn ErrNoRemoteAddrs ErrReset ErrResourceLimitExceeded ErrResourceScopeClosed ErrTransientConn GlobalNoopNotifiee
  GetAllowLimitedConn GetDialPeerTimeout GetForceDirectDial GetNoDial GetSimultaneousConnect GetUseTransient
  WithAllowLimitedConn WithDialPeerTimeout WithForceDirectDial WithNoDial WithSimultaneousConnect WithUseTransient
  AddrDelay .Addr .Delay
  Conn .Close .ID .NewStream .GetStreams .IsClosed
  ConnManagementScope .PeerScope .SetPeer
  ConnMultiaddrs .LocalMultiaddr .RemoteMultiaddr
  ConnScope
  ConnScoper .Scope
  ConnSecurity .LocalPeer .RemotePeer .RemotePublicKey .ConnState
  ConnStat .Stat
  ConnStats .NumStreams
  Connectedness .String NotConnected Connected CanConnect CannotConnect Limited
  ConnectionState .StreamMultiplexer .Security .Transport .UsedEarlyMuxerNegotiation
  DialRanker
  Dialer .Peerstore .LocalPeer .DialPeer .ClosePeer .Connectedness .Peers .Conns .ConnsToPeer .Notify .StopNotify .CanDial
  Direction .String DirUnknown DirInbound DirOutbound
  MultiaddrDNSResolver .ResolveDNSAddr .ResolveDNSComponent
  Multiplexer .NewConn
  MuxedConn .Close .IsClosed .OpenStream .AcceptStream
  MuxedStream .Read .Write .Close .CloseWrite .CloseRead .Reset .SetDeadline .SetReadDeadline .SetWriteDeadline
  NATDeviceType .String NATDeviceTypeUnknown NATDeviceTypeCone NATDeviceTypeSymmetric
  NATTransportProtocol .String NATTransportUDP NATTransportTCP
  Network .Close .SetStreamHandler .NewStream .Listen .ListenAddresses .InterfaceListenAddresses .ResourceManager
  NoopNotifiee .Connected .Disconnected .Listen .ListenClose
  Notifiee .Listen .ListenClose .Connected .Disconnected
  NotifyBundle .ListenF .ListenCloseF .ConnectedF .DisconnectedF .Connected .Disconnected .Listen .ListenClose
  NullResourceManager .Close .OpenConnection .OpenStream .ViewPeer .ViewProtocol .ViewService .ViewSystem .ViewTransient
  NullScope .BeginSpan .Done .Name .Peer .PeerScope .Protocol .ProtocolScope .ReleaseMemory .ReserveMemory .ServiceScope .SetPeer .SetProtocol .SetService .Stat
  PeerScope .Peer
  ProtocolScope .Protocol
  Reachability .String ReachabilityUnknown ReachabilityPublic ReachabilityPrivate
  ResourceManager .OpenConnection .OpenStream .Close
  ResourceScope .ReserveMemory .ReleaseMemory .Stat .BeginSpan
  ResourceScopeSpan .Done
  ResourceScopeViewer .ViewSystem .ViewTransient .ViewService .ViewProtocol .ViewPeer
  ScopeStat .NumStreamsInbound .NumStreamsOutbound .NumConnsInbound .NumConnsOutbound .NumFD .Memory
  ServiceScope .Name
  Stats .Direction .Opened .Limited .Extra
  Stream .ID .Protocol .SetProtocol .Stat .Conn .Scope
  StreamHandler
  StreamManagementScope .ProtocolScope .SetProtocol .ServiceScope .SetService .PeerScope
  StreamScope .SetService`

/** What Go has added since the seed, as of reference/go-libp2p.md 1.1 to 1.4. */
const CURRENT = `
  ConnErrorCode ConnNoError ConnProtocolNegotiationFailed ConnResourceLimitExceeded ConnRateLimited ConnProtocolViolation ConnSupplanted ConnGarbageCollected ConnShutdown ConnGated ConnCodeOutOfRange
  StreamErrorCode StreamNoError StreamProtocolNegotiationFailed StreamResourceLimitExceeded StreamRateLimited StreamProtocolViolation StreamSupplanted StreamGarbageCollected StreamShutdown StreamGated StreamCodeOutOfRange
  ConnError .ErrorCode .Remote .TransportError
  StreamError .ErrorCode .Remote .TransportError
  Conn .CloseWithError .As
  MuxedConn .CloseWithError .As
  MuxedStream .ResetWithError
  Stream .ResetWithError
  ResourceManager .VerifySourceAddress
  WithConnManagementScope UnwrapConnManagementScope
  NATDeviceTypeEndpointIndependent NATDeviceTypeEndpointDependent`

/** Those of Go's additions that have no counterpart here; the table says why. None of the seed's may be among them. */
const LEFT_OUT = 'Conn.As MuxedConn.As ResourceManager.VerifySourceAddress WithConnManagementScope UnwrapConnManagementScope'

/** `Conn .ID .Close` is short for `Conn`, `Conn.ID` and `Conn.Close`. */
function expand (names: readonly string[]): string[] {
  let type = ''
  return names.map(name => {
    if (name.startsWith('.')) return type + name
    type = name
    return name
  })
}

function words (text: string): string[] {
  return text.trim().split(/\s+/)
}

interface Row { readonly go: string[], readonly ours: string[] }

/** The rows of the README's tables whose head is `| Go | here |`. */
function readTable (markdown: string): Row[] {
  const names = (cell: string | undefined): string[] => expand([...(cell ?? '').matchAll(/`([^`]+)`/g)].map(match => match[1] ?? ''))
  return [...markdown.matchAll(/^\| Go \| here \|.*\n\|.*\n((?:\|.*\n)+)/gm)].flatMap(([, body = '']) => body.trimEnd().split('\n').map(line => {
    const [, go, ours] = line.split('|')
    return { go: names(go), ours: names(ours) }
  }))
}

const SRC = new URL('../src/', import.meta.url)
const sources = readdirSync(SRC, { encoding: 'utf8' }).map(file => readFileSync(new URL(file, SRC), 'utf8')).join('\n')
const exportedTypes = new Set([...readFileSync(new URL('index.ts', SRC), 'utf8').matchAll(/\btype (\w+)(?: as (\w+))?/g)].map(([, name, alias]) => alias ?? name))

/** The members of an interface or of an object type, those it inherits included. */
function membersOf (type: string): string[] {
  const [, bases = '', body = ''] = new RegExp(`^export (?:interface|type) ${type}(?: extends ([^{]+)| = )? ?\\{([\\s\\S]*?)^\\}`, 'm').exec(sources) ?? []
  const own = [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??(?: \(|<|:)/gm)].map(match => match[1] ?? '')
  return [...own, ...bases.split(',').flatMap(base => /^\w+$/.test(base.trim()) ? membersOf(base.trim()) : [])]
}

/** Whether index.ts exports it: `name`, or `name.member` of a value or of a type. */
function isExported (name: string): boolean {
  const [root = '', member] = name.split('.')
  const value: unknown = (network as Record<string, unknown>)[root]
  if (member === undefined) return value !== undefined || exportedTypes.has(root)
  if (typeof value === 'object' && value !== null && member in value) return true
  if (typeof value === 'function') return new RegExp(`^export class ${root} (?:(?!^\\})[\\s\\S])*?^ {2}readonly ${member}\\b`, 'm').test(sources) || member === 'cause'
  return exportedTypes.has(root) && membersOf(root).includes(member)
}

/** What is wrong with a table, in sentences. */
function faults (markdown: string): string[] {
  const rows = readTable(markdown)
  const seed = expand(words(SEED))
  const known = new Set([...seed, ...expand(words(CURRENT))])
  const leftOut = new Set(words(LEFT_OUT))
  const listed = rows.flatMap(row => row.go)
  const inTable = new Set(listed)
  return [
    ...[...known].filter(name => !inTable.has(name)).map(name => `the table lacks Go's ${name}`),
    ...listed.filter(name => !known.has(name)).map(name => `the table has ${name}, which Go has not`),
    ...rows.flatMap(row => row.ours).filter(name => !isExported(name)).map(name => `the table names ${name}, which is not exported`),
    ...rows.filter(row => row.ours.length === 0).flatMap(row => row.go).filter(name => !leftOut.has(name)).map(name => `the table gives nothing for ${name}`)
  ]
}

describe('the names of seed 004', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

  it('are all in the table of the README, each with what is exported here', () => {
    assert.deepEqual(faults(readme), [])
  })

  it('have a counterpart each: only later additions of Go may be left out', () => {
    const seed = new Set(expand(words(SEED)))
    for (const name of words(LEFT_OUT)) assert.equal(seed.has(name), false)
  })

  describe('in a table with a fault', () => {
    const plant = (from: string, to: string): string[] => {
      assert.ok(readme.includes(from), `${from} is in the README`)
      return faults(readme.replace(from, to))
    }

    it('would be missed when a row goes', () => {
      assert.ok(plant('`ErrTransientConn`', '').includes('the table lacks Go\'s ErrTransientConn'))
      assert.ok(plant(' `.GetStreams`', '').includes('the table lacks Go\'s Conn.GetStreams'))
    })

    it('would be found when the other side does not exist', () => {
      assert.deepEqual(plant('| `noopNotifiee` |', '| `noopNotifie` |'), ['the table names noopNotifie, which is not exported'])
      assert.deepEqual(plant('`.streams`', '`.strreams`'), ['the table names Conn.strreams, which is not exported'])
      assert.deepEqual(plant('`Connectedness.canConnect`', '`Connectedness.mayConnect`'), ['the table names Connectedness.mayConnect, which is not exported'])
    })

    it('would be found when Go has no such name', () => {
      assert.deepEqual(plant('`ErrTransientConn`', '`ErrTransientConn` `ErrTransientCon`'), ['the table has ErrTransientCon, which Go has not'])
    })
  })
})
