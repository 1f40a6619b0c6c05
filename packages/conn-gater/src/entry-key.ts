import { type IpAddress, ipAddressText, parseIpAddress, parseSubnet, type Subnet, subnetText } from '@weir/network'
import { Key } from 'interface-datastore'
import { NAMESPACE } from './defaults.ts'

export type ListName = 'blocked' | 'trusted'

/** What an entry is about, and on which list it stands. */
export type EntryKey =
  | { readonly list: ListName, readonly type: 'peer', readonly key: string }
  | { readonly list: ListName, readonly type: 'addr', readonly key: IpAddress }
  | { readonly list: ListName, readonly type: 'subnet', readonly key: Subnet }

const TRUSTED = `${NAMESPACE}/trusted`
const IN_TRUSTED = `${TRUSTED}/`
const CORRUPT = `${NAMESPACE}/corrupt`
const IN_CORRUPT = `${CORRUPT}/`

/**
 * The path in the datastore. Of what is blocked it is go-libp2p's, `/peer/<id>`, `/addr/<ip>`, `/subnet/<ip>/<length>`, in its namespace;
 * what is trusted stands under `/trusted`. A peer's text is percent-encoded, which leaves every libp2p peer id as it is.
 */
export function entryPath ({ list, ...about }: EntryKey): string {
  const root = list === 'trusted' ? TRUSTED : NAMESPACE
  if (about.type === 'peer') return `${root}/peer/${encodeURIComponent(about.key)}`
  return about.type === 'addr' ? `${root}/addr/${ipAddressText(about.key)}` : `${root}/subnet/${subnetText(about.key)}`
}

export function datastoreKey (path: string): Key {
  return new Key(path, false)
}

/** Where an entry goes that cannot be read. */
export function corruptPath (path: string): string {
  return `${CORRUPT}${path.slice(NAMESPACE.length)}`
}

export function isCorruptPath (path: string): boolean {
  return path.startsWith(IN_CORRUPT)
}

/** @throws when it is no path that `entryPath` gives */
export function parseEntryPath (path: string): EntryKey {
  const list = path.startsWith(IN_TRUSTED) ? 'trusted' : 'blocked'
  const rest = path.slice((list === 'trusted' ? TRUSTED : NAMESPACE).length + 1)
  const slash = rest.indexOf('/')
  const [type, text] = [rest.slice(0, slash), rest.slice(slash + 1)]
  if (type === 'peer' && text !== '') return { list, type, key: decodeURIComponent(text) }
  if (type === 'addr') {
    const key = parseIpAddress(text)
    if (key === undefined) throw new RangeError(`${text} is no IP address`)
    return { list, type, key }
  }
  if (type === 'subnet') return { list, type, key: parseSubnet(text) }
  throw new TypeError('neither a peer nor an address nor a subnet')
}
