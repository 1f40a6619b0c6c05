/** How long this thread has been on a processor. */
export function threadCpuMs (): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}
