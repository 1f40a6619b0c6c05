import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'

const SRC = new URL('../src/', import.meta.url)

/** What a source text asks the runtime for: specifiers of imports and exports that are not erased, and of `import()`. */
function runtimeImports (text: string): string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
  const statements = [...code.matchAll(/^\s*(?:import|export)\b(?!\s+type\b)[^'"]*?(?:\bfrom\s*)?['"]([^'"]+)['"]/gm)]
    .filter(([statement]) => /^\s*import\b/.test(statement) || /\bfrom\b/.test(statement))
  const calls = [...code.matchAll(/\b(?:import|require)\s*\(\s*([^)]*)\)/g)]
  return [...statements, ...calls].map(match => match[1] ?? '')
}

describe('the source of network', () => {
  const files = readdirSync(SRC, { encoding: 'utf8' }).filter(name => name.endsWith('.ts'))

  it('is looked at', () => {
    assert.ok(files.includes('index.ts') && files.length > 40)
  })

  it('imports nothing at run time but its own files', () => {
    for (const file of files) {
      for (const specifier of runtimeImports(readFileSync(new URL(file, SRC), 'utf8'))) {
        assert.match(specifier, /^\.\/[a-z.-]+\.ts$/, `${file} imports ${specifier} at run time`)
      }
    }
  })

  it('would be caught at it', () => {
    const planted = [
      "import { x } from 'planted'", "import x, { y } from 'planted'", "import * as x from 'planted'", "import 'planted'",
      "import { type X } from 'planted'", "export { x } from 'planted'", "export * from 'planted'", "import {\n  x,\n  y\n} from 'planted'"
    ]
    for (const line of planted) assert.deepEqual(runtimeImports(line), ['planted'], line)
    assert.deepEqual(runtimeImports("const x = await import('planted')"), ["'planted'"])
    assert.deepEqual(runtimeImports("import type { X } from 'planted'\n// import x from 'planted'\n/* import 'planted' */\nexport const x = 'planted'"), [])
  })
})
