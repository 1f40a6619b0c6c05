import { ManualClock } from '@weir/compliance'
import type { ScopeId } from '@weir/network'
import { Books } from '../src/books.ts'
import type { Counter } from '../src/counter.ts'
import type { Limit, Misuse } from '../src/index.ts'
import { OwnedScope } from '../src/owned-scope.ts'
import { Pressure } from '../src/pressure.ts'
import { limitOf } from './limits-for.ts'

/** Books for scopes that no manager made. */
export function booksFor (misuse: Misuse[] = []): Books {
  return new Books({ clock: new ManualClock(), pressure: new Pressure([]), maxIdleScopes: 100, onMisuse: each => { misuse.push(each) }, traceSink: undefined })
}

/** A scope with whatever parents a test likes. Charges streams and connections as a leaf does. */
export class FreeScope extends OwnedScope {
  readonly name: string

  constructor (books: Books, name: string, limit: Partial<Limit>, parents: readonly FreeScope[] = []) {
    super(books, limitOf(limit), parents.map(({ counter }) => counter))
    this.name = name
  }

  get id (): ScopeId {
    return { kind: 'service', service: this.name }
  }

  get above (): readonly Counter[] {
    return this.edges
  }

  /** Charges one more stream or connection, here and above. */
  add (what: 'stream' | 'connection' | 'fd', inbound: boolean): void {
    const counts = [this.counter, ...this.above]
    const [into, out] = inbound ? [1, 0] : [0, 1]
    for (const counter of counts) {
      const refusal = what === 'stream' ? counter.streamRefusal(into, out) : counter.connRefusal(into, out, what === 'fd' ? 1 : 0)
      if (refusal !== undefined) throw this.books.refuse(refusal)
    }
    for (const counter of counts) {
      if (what === 'stream') counter.addStream(inbound)
      else counter.addConn(inbound, what === 'fd')
    }
  }
}
