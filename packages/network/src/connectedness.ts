/**
 * Whether a peer can be talked to now. The value is what Go's `String()` gives.
 *
 * @see seed 004, "Connectedness"
 */
export const Connectedness = {
  notConnected: 'NotConnected',
  connected: 'Connected',
  /** @deprecated never reported; kept so that values from Go can be represented */
  canConnect: 'CanConnect',
  /** @deprecated never reported; kept so that values from Go can be represented */
  cannotConnect: 'CannotConnect',
  /** Only limited connections, such as through a relay. */
  limited: 'Limited'
} as const

export type Connectedness = (typeof Connectedness)[keyof typeof Connectedness]
