import { type IpAddress, parseSubnet, type Subnet, subnetHas } from '@weir/network'

/**
 * Networks that mean another place to everybody: Mina's list for version 4, and unique local and link-local addresses of version 6.
 * Loopback is not on it: who comes from there is on this machine.
 *
 * @see reference/mina-net2.md 3.2
 */
const PRIVATE_NETS: readonly Subnet[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15', '169.254.0.0/16', 'fc00::/7', 'fe80::/10'].map(parseSubnet)

export function isPrivate (address: IpAddress): boolean {
  for (const net of PRIVATE_NETS) if (subnetHas(net, address)) return true
  return false
}
