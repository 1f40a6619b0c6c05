/** Two things that a plan is asked to hold at once, and cannot. */
export interface PlanContradiction {
  readonly rule:
    /** Connections would be refused before any is trimmed. */
    | 'watermark-above-limit'
    /** A trim would have nothing to do, or no end. */
    | 'low-above-high'
    /** Not one connection or stream fits: all would fail half-way. */
    | 'below-need'
    /** The system lets them in, and a scope behind it lets none through. */
    | 'blocked-on-the-way'
    /** More than the machine has. */
    | 'above-machine'
  /** Whose demand. */
  readonly part: string
  /** Which limit, such as `Transient.ConnsInbound`. */
  readonly path: string
  /** What it is. */
  readonly limit: number
  /** What it would have to be: at least, or at most where it is above the machine. */
  readonly demanded: number
  /** One sentence. */
  readonly message: string
}
