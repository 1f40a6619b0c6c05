import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { livingPid } from '../src/lock-holder.ts'
import { type Lock, takeLock } from '../src/lock.ts'
import { processStart } from '../src/process-start.ts'
import { temporaryDir } from './temporary-dir.ts'

const isLock = (taken: Lock | { readonly heldBy: number }): taken is Lock => 'release' in taken

async function take (path: string): Promise<Lock> {
  const taken = await takeLock(path)
  assert.ok(isLock(taken), 'the lock is held')
  return taken
}

/** The id of a process that is gone. */
async function deadPid (): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  assert.ok(child.pid)
  return child.pid
}

const content = (pid: number, start?: string): string => JSON.stringify({ token: '0123456789abcdef0123456789abcdef', pid, start })

describe('lock', () => {
  it('is taken, refused to a second taker with the id of the first, and taken again after its release', async () => {
    await using dir = await temporaryDir()
    const path = join(dir.path, 'lock')
    const lock = await take(path)
    assert.deepEqual(await takeLock(path), { heldBy: process.pid })
    assert.deepEqual(await readdir(dir.path), ['lock'], 'a refusal leaves nothing behind')
    assert.equal((await stat(path)).mode & 0o777, 0o600)
    await lock.release()
    assert.deepEqual(await readdir(dir.path), [])
    await (await take(path)).release()
  })

  it('is released once: a later lock stays', async () => {
    await using dir = await temporaryDir()
    const path = join(dir.path, 'lock')
    const first = await take(path)
    await first.release()
    await using _second = await take(path)
    await first.release()
    assert.deepEqual(await takeLock(path), { heldBy: process.pid })
  })

  it('is released without complaint when somebody removed or replaced the file', async () => {
    await using dir = await temporaryDir()
    const path = join(dir.path, 'lock')
    const first = await take(path)
    await writeFile(path, content(1))
    await first.release()
    assert.equal(await readFile(path, 'utf8'), content(1), 'not ours to remove')
  })

  it('of a dead process is cleared', async () => {
    await using dir = await temporaryDir()
    const path = join(dir.path, 'lock')
    await writeFile(path, content(await deadPid()))
    await using _lock = await take(path)
    assert.deepEqual(await readdir(dir.path), ['lock'])
  })

  it('of a process whose id was given to another one is cleared', async () => {
    await using dir = await temporaryDir()
    const path = join(dir.path, 'lock')
    await writeFile(path, content(process.pid, 'another-boot:17'))
    await using _lock = await take(path)
  })

  it('of a living process that did not say when it started is held', async () => {
    await using dir = await temporaryDir()
    const path = join(dir.path, 'lock')
    await writeFile(path, content(process.pid))
    assert.deepEqual(await takeLock(path), { heldBy: process.pid })
  })

  ;(process.platform === 'linux' ? it : it.skip)('of a killed process that its parent has not looked after is cleared', async () => {
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] })
    try {
      const [line] = await once(parent.stdout, 'data') as [Buffer]
      const zombie = Number(line.toString())
      // Until it is `sleep`, the parent is a shell, which would look after its dead.
      while (await readFile(`/proc/${parent.pid}/comm`, 'utf8') !== 'sleep\n') await new Promise(resolve => setImmediate(resolve))
      const start = await processStart(zombie)
      assert.ok(start)
      assert.equal(await livingPid({ token: '', pid: zombie, start }), zombie)
      process.kill(zombie, 'SIGKILL')
      while (await processStart(zombie) !== undefined) await new Promise(resolve => setImmediate(resolve))
      assert.doesNotThrow(() => process.kill(zombie, 0), 'the id is still in use')
      assert.equal(await livingPid({ token: '', pid: zombie, start }), undefined)
    } finally {
      parent.kill('SIGKILL')
    }
  })

  for (const damaged of ['', '{', 'null', '{"pid":0}', content(0), content(-1), content(1.5), '{"token":"../../x","pid":1}', 'x'.repeat(100_000)]) {
    it(`with ${JSON.stringify(damaged.slice(0, 30))} in it is cleared`, async () => {
      await using dir = await temporaryDir()
      const path = join(dir.path, 'lock')
      await writeFile(path, damaged)
      await using _lock = await take(path)
      assert.deepEqual(await readdir(dir.path), ['lock'])
    })
  }

  it('is cleared also when whoever was about to clear it died at that', async () => {
    await using dir = await temporaryDir()
    const path = join(dir.path, 'lock')
    const dead = await deadPid()
    await writeFile(path, content(dead))
    await writeFile(`${path}.0123456789abcdef0123456789abcdef`, JSON.stringify({ token: 'f'.repeat(32), pid: dead }))
    await using _lock = await take(path)
    assert.deepEqual(await readdir(dir.path), ['lock'])
  })

  // Started one after another, so that some find the stale lock while others have cleared it and taken theirs: with a
  // clearing that just removes the file, one round in five has two winners.
  it('goes to one of many who try in close order, stale lock or none', async () => {
    const dead = await deadPid()
    await using dir = await temporaryDir()
    for (let round = 0; round < 50; round++) {
      const path = join(dir.path, `lock-${round}`)
      if (round % 10 !== 0) await writeFile(path, content(dead))
      const taken = await Promise.all(Array.from({ length: 12 }, async (_, i) => {
        for (let turn = 0; turn < 2 * i; turn++) await new Promise(resolve => setImmediate(resolve))
        return takeLock(path)
      }))
      assert.equal(taken.filter(isLock).length, 1)
      assert.equal((await readdir(dir.path)).length, round + 1)
    }
  })

  it('goes to one of several processes that try at once on a stale lock', async () => {
    const dead = await deadPid()
    await using dir = await temporaryDir()
    const program = `
      const { takeLock } = await import(${JSON.stringify(new URL('../src/lock.ts', import.meta.url).href)})
      process.stdin.once('data', async () => {
        for (const round of Array(30).keys()) {
          const taken = await takeLock(${JSON.stringify(dir.path)} + '/lock-' + round)
          process.stdout.write('release' in taken ? round + '\\n' : '')
        }
        process.stdout.write('done\\n')
      })
      process.stdout.write('ready\\n')`
    for (let round = 0; round < 30; round++) await writeFile(join(dir.path, `lock-${round}`), content(dead))
    const children: ChildProcess[] = Array.from({ length: 3 }, () => spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] }))
    try {
      const outputs = children.map(() => '')
      const wait = (word: string): Promise<unknown> => Promise.all(children.map(async (child, i) => {
        while (!outputs[i]?.includes(word)) outputs[i] += `${(await once(child.stdout ?? child, 'data')).toString()}`
      }))
      await wait('ready')
      for (const child of children) child.stdin?.write('go\n') // the holders stay alive until all are done
      await wait('done')
      const won = outputs.flatMap(output => output.split('\n')).filter(line => /^\d+$/.test(line)).map(Number)
      assert.deepEqual(won.sort((a, b) => a - b), Array.from({ length: 30 }, (_, round) => round))
    } finally {
      for (const child of children) child.kill('SIGKILL')
    }
  })
})
