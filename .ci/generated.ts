import { GATES } from './gates.ts'
import { type Package, packages } from './house.ts'

/** The parts of the pages that are made from the code, by the name that stands in their marks. */
export const GENERATED: Record<string, () => string> = {
  packages: () => packagesTable(packages()),
  layers: () => layersDrawing(packages()),
  gates: gatesTable
}

function packagesTable (all: readonly Package[]): string {
  const rows = all.map(p => `| ${p.layer} | [\`${p.name}\`](packages/${p.folder}/README.md) | ${p.description} |`)
  return ['| Layer | Package | What it is |', '|---|---|---|', ...rows].join('\n')
}

function layersDrawing (all: readonly Package[]): string {
  const width = Math.max(...all.map(p => p.folder.length))
  const lines = all.toReversed().map(p => {
    const below = all.filter(other => p.standsOn.includes(other.folder)).toReversed().map(other => other.folder)
    return `${p.layer}  ${p.folder.padEnd(width)}  ${below.length === 0 ? '.' : `--> ${below.join(', ')}`}`
  })
  return ['```', ...lines, '```'].join('\n')
}

function gatesTable (): string {
  const rows = GATES.flatMap(gate => gate.violations.map((violation, i) => `| ${i === 0 ? `\`${gate.command}\`` : ''} | ${violation.what} |`))
  return ['| Gate | Turns red at |', '|---|---|', ...rows].join('\n')
}

/**
 * Puts what is generated between its marks: a line with the comment `begin NAME` and one with `end NAME`.
 *
 * @throws when a mark has a name that nothing is generated for
 */
export function withGenerated (page: string): string {
  return page.replaceAll(/(<!-- begin (\w+)[^\n]*-->\n)[\s\S]*?(<!-- end \2 -->)/g, (_all, begin: string, name: string, end: string) => {
    const generate = GENERATED[name]
    if (generate === undefined) throw new Error(`nothing is generated under the name ${name}`)
    return `${begin}${generate()}\n${end}`
  })
}
