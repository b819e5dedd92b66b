// The API reference from the comments in the source, as HTML in dist/docs: npm run docs. Fails on every warning: links
// that lead nowhere, parameters that are not there, and public things without a word about them.
//
// typedoc reads programs through the API of TypeScript 6, which TypeScript 7 does not have.
import { register } from 'node:module';

const redirect = `export const resolve = (name, context, next) =>
  next(name === 'typescript' ? 'typescript6' : name, context);`;
register(`data:text/javascript,${encodeURIComponent(redirect)}`, import.meta.url);
const { Application, Comment, ReflectionKind } = await import('typedoc');

/** Statics that every plugin has, and what there is to say of them. */
const STATICS = {
  className: "The class's name in saved models.",
  aliases: 'Other names under which it is found.',
};

/** Types that only the library makes, and whose names nobody needs. */
const NOT_EXPORTED = [
  'HOOKS',
  'TypeCode',
  'TYPES',
  'TopKOptions',
  'OptionValues',
  'Schema',
  'OptionKind',
  'PlacedRows',
  'Scaling',
  'ScaledDistribution',
  'FanMode',
  'Edges',
  'ValueOfConstant',
  'GradientsOf',
  'ValueOfShape',
  'Compiled',
  'RowFormat',
  'Steps',
  'Slot',
  'ConfusionCounts',
  'NodeOwner',
  'ValueOf',
  'VERBOSITIES',
  'TargetRange',
  'REDUCTIONS',
];

const app = await Application.bootstrap({
  entryPoints: ['src/index.ts'],
  out: 'dist/docs',
  name: 'cnn-node',
  readme: 'none',
  // The compiler has done that.
  skipErrorChecking: true,
  excludeExternals: true,
  excludePrivate: true,
  excludeInternal: true,
  disableSources: true,
  intentionallyNotExported: NOT_EXPORTED,
  intentionallyNotDocumented: ['NameIn.__type.RMSprop', 'NameIn.__type.KLDivergence'],
  requiredToBeDocumented: [
    'Class',
    'Interface',
    'Function',
    'Variable',
    'TypeAlias',
    'Property',
    'Method',
    'Accessor',
  ],
  validation: { notDocumented: true, notExported: true, invalidLink: true },
  treatWarningsAsErrors: true,
});
const project = await app.convert();
if (project === undefined) process.exit(1);
for (const reflection of project.getReflectionsByKind(ReflectionKind.Property)) {
  const text = STATICS[reflection.name];
  if (text !== undefined) reflection.comment ??= new Comment([{ kind: 'text', text }]);
}
app.validate(project);
if (!process.argv.includes('--check')) await app.generateOutputs(project);
process.exitCode = app.logger.hasErrors() || app.logger.hasWarnings() ? 1 : 0;
