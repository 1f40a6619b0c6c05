import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { leakCheck, until, within } from '@weir/compliance'

const CHILD = fileURLToPath(new URL('echo-process.ts', import.meta.url))
const MAX_DESCRIPTORS = 60

/** Whether what is sent comes back before the connection ends. */
async function echoes (socket: Socket): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  socket.on('data', () => { resolve(true) }).on('close', () => { resolve(false) })
  socket.write('x')
  return await within(promise, 'an answer or an end')
}

describe('a process without descriptors', () => {
  it('accepts what it can, survives the rest, and accepts again when some are free', async () => {
    const leaks = leakCheck()
    const child = spawn('/bin/sh', ['-c', `ulimit -n ${MAX_DESCRIPTORS}; exec "$0" --conditions=@weir/source "$1"`, process.execPath, CHILD], { stdio: ['pipe', 'pipe', 'inherit'] })
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
    const port = Number((await within(lines.next(), 'it listens')).value)
    const sockets = Array.from({ length: 2 * MAX_DESCRIPTORS }, () => connect(port, '127.0.0.1').on('error', () => {}))
    assert.ok(await echoes(sockets[0] as Socket))
    await until(() => sockets.every(({ connecting }) => !connecting), 'the kernel has answered all')
    await until(() => sockets.some(({ destroyed }) => destroyed), 'some were dropped')
    for (const socket of sockets) socket.destroy()
    for (let tries = 0, answered = false; !answered; tries++) {
      const socket = connect(port, '127.0.0.1').on('error', () => {})
      answered = await echoes(socket)
      socket.destroy()
      assert.ok(tries < 200, 'it never accepts again')
    }
    child.stdin.end()
    const [code] = await within(once(child, 'exit'), 'it ends')
    assert.equal(code, 0)
    await leaks.assertNone()
  }).timeout(30_000)
})
