import { type IpAddress, subnetKey } from '@weir/network'

/** A value that is equal for equal addresses, for maps: a number for version 4, a bigint for version 6. */
export function ipKey (address: IpAddress): number | bigint {
  return subnetKey(address, address.version === 4 ? 32 : 128)
}
