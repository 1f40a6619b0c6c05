/** Whose dial goes first where dials wait for a free slot. Strictly: `background` goes when no `user` waits. */
export const DialPriority = {
  /** Somebody waits for the connection. */
  user: 'user',
  /** Upkeep that may take its time, such as the walks of a DHT. */
  background: 'background'
} as const

export type DialPriority = (typeof DialPriority)[keyof typeof DialPriority]
