interface Call {
  readonly id: number
  readonly name: string
  readonly args: readonly never[]
}

/** Does what `Child` of the harness asks of this process, and ends with it. */
export function serveCalls (calls: Readonly<Record<string, (...args: never[]) => Promise<unknown>>>): void {
  process.on('message', ({ id, name, args }: Call) => {
    const call = calls[name]
    if (call === undefined) throw new TypeError(`there is no ${name}`)
    call(...args).then(
      result => { process.send?.({ id, result }) },
      (error: unknown) => { process.send?.({ id, error: error instanceof Error ? error.stack : String(error) }) }
    )
  })
  process.on('disconnect', () => { process.exit() })
  process.send?.({ id: 0 })
}
