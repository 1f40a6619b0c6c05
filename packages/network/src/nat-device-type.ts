/**
 * How a NAT device maps outgoing connections.
 *
 * `endpointIndependent` maps one source to one public port whatever the destination: hole punching works when the
 * remote's is of this kind too. `endpointDependent` maps by destination: hole punching fails.
 *
 * @see seed 004, "NATDeviceType"
 */
export const NATDeviceType = {
  unknown: 'Unknown',
  endpointIndependent: 'Endpoint-Independent',
  endpointDependent: 'Endpoint-Dependent',
  /** @deprecated use `endpointIndependent` */
  cone: 'Endpoint-Independent',
  /** @deprecated use `endpointDependent` */
  symmetric: 'Endpoint-Dependent'
} as const

export type NATDeviceType = (typeof NATDeviceType)[keyof typeof NATDeviceType]
