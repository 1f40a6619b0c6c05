/** Everything that can go on without new input and time has gone on. */
export async function settled (): Promise<void> {
  for (let i = 0; i < 4; i++) await new Promise<void>(resolve => { setImmediate(resolve) })
}
