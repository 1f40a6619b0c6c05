import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { packages, ROOT } from '../house.ts'

const run = promisify(execFile)

/** The oldest Node that `engines` lets in. */
const OLDEST_NODE = '24.0.0'

interface Packed { readonly name: string, readonly filename: string, readonly files: readonly { readonly path: string }[] }

// What consumers get: the tarballs, in an empty project, on plain Node without the conditions of this repository.
describe('the tarballs of the packages, in an empty project', () => {
  const all = packages()
  let project = ''
  const tarballs = new Map<string, Packed>()

  /** Runs a program on the project's own Node, and gives what it prints. */
  async function node (...args: string[]): Promise<string> {
    const { NODE_OPTIONS: _, ...env } = process.env
    return (await run(join(project, 'node_modules/.bin/node'), args, { cwd: project, env, timeout: 30_000 })).stdout.trim()
  }

  before('builds, packs and installs', async () => {
    project = mkdtempSync(join(tmpdir(), 'weir-pack-'))
    await run('npm', ['run', 'build'], { cwd: ROOT })
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project, ...all.map(({ name }) => `--workspace=${name}`)], { cwd: ROOT, maxBuffer: 64 << 20 })
    for (const packed of Object.values(JSON.parse(stdout) as Record<string, Packed>)) tarballs.set(packed.name, packed)
    writeFileSync(join(project, 'package.json'), JSON.stringify({
      name: 'consumer',
      private: true,
      type: 'module',
      allowScripts: { node: true },
      dependencies: { node: OLDEST_NODE, ...Object.fromEntries([...tarballs.values()].map(({ name, filename }) => [name, `file:./${filename}`])) }
    }))
    await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: project, maxBuffer: 64 << 20 })
  })

  after(() => { rmSync(project, { recursive: true, force: true }) })

  it(`run on Node ${OLDEST_NODE}`, async () => {
    assert.equal(await node('--version'), `v${OLDEST_NODE}`)
  })

  for (const { name, folder, entryPoints, commands } of all) {
    describe(name, () => {
      for (const { specifier, source } of entryPoints) {
        it(`${specifier} exports what its source does`, async () => {
          const program = `console.log(JSON.stringify(Object.keys(await import('${specifier}')).sort()))`
          const sourceExports = await import(join(ROOT, 'packages', folder, source)) as object
          assert.deepEqual(JSON.parse(await node('--input-type=module', '--eval', program)), Object.keys(sourceExports).sort())
        })
      }

      it('has types that a compiler finds and takes', async () => {
        const file = `${folder}.ts`
        writeFileSync(join(project, file), entryPoints.map(({ specifier }, i) => `import * as all${i} from '${specifier}'\nexport const names${i}: string[] = Object.keys(all${i})\n`).join(''))
        await run(join(ROOT, 'node_modules/.bin/tsc'), ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'esnext', '--skipLibCheck', '--ignoreConfig', file], { cwd: project })
      })

      it('holds dist, src, README and package.json, and nothing else', () => {
        const strangers = (tarballs.get(name)?.files ?? [{ path: 'no tarball' }]).map(file => file.path)
          .filter(path => !/^(?:dist\/.+\.(?:js|d\.ts)(?:\.map)?|src\/.+\.ts|README\.md|CHANGELOG\.md|package\.json)$/.test(path))
        assert.deepEqual(strangers, [])
      })

      for (const command of commands) {
        it(`has the command ${command}`, async () => {
          assert.match(await node(join(project, 'node_modules/.bin', command), '--help'), new RegExp(command))
        })
      }
    })
  }
})
