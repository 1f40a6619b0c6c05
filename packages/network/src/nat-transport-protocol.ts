/**
 * The transport for which a NAT device type was found.
 *
 * @see seed 004, "NATTransportProtocol"
 */
export const NATTransportProtocol = { udp: 'UDP', tcp: 'TCP' } as const

export type NATTransportProtocol = (typeof NATTransportProtocol)[keyof typeof NATTransportProtocol]
