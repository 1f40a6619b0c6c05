/**
 * Which side opened a connection or a stream. Lower case, as js-libp2p and the metrics of Go have it.
 *
 * `unknown` counts as outbound wherever something is counted.
 *
 * @see seed 004, "Direction"
 */
export const Direction = { unknown: 'unknown', inbound: 'inbound', outbound: 'outbound' } as const

export type Direction = (typeof Direction)[keyof typeof Direction]
