// GraphQL Code Generator's client preset over the playground's examples, then tsc over a program that uses the types.
// The generator is called without its command line, whose dependencies are four times those of everything here.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { codegen } from '@graphql-codegen/core';
import { preset } from '@graphql-codegen/client-preset';
import { buildSchema, parse } from 'graphql';
import { check, example, exampleFile, here, sdl, work } from './demo.mjs';

const out = `${work}gql/`;

check('codegen', async () => {
  const files = await preset.buildGeneratesSection({
    baseOutputDir: out,
    schema: parse(sdl()),
    schemaAst: buildSchema(sdl()),
    documents: ['01-overview', '03-one-case-by-node', '05-case-status'].map((name) => {
      const rawSDL = example(name);
      return { location: exampleFile(name), rawSDL, document: parse(rawSDL) };
    }),
    config: {
      scalars: { Date: 'string', DateTime: 'string', Decimal: 'string', NationalId: 'string', UUID: 'string' },
      strictScalars: true,
      futureProofEnums: true,
      useTypeImports: true,
    },
    presetConfig: {},
    plugins: [],
    pluginMap: {},
    documentTransforms: [],
  });
  mkdirSync(out, { recursive: true });
  for (const file of files) writeFileSync(file.filename, await codegen(file));
  try {
    execFileSync(`${here}node_modules/.bin/tsc`, ['--project', here], { encoding: 'utf8', stdio: 'pipe' });
  } catch ({ stdout, stderr }) {
    assert.fail(`tsc\n${stdout}${stderr}`);
  }
  return 'typed documents of the playground examples hold in strict TypeScript';
});
