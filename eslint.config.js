import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";

const CODE = ["**/*.ts", "**/*.tsx"];
/** Tools demand a default export of their configuration. */
const CONFIGURATION = ["*.config.ts"];

/** An exception that does not say why cannot be judged, nor ever be taken back. */
const describedDisables = {
  meta: { type: "suggestion", schema: [], messages: { why: "Say after ` -- ` why this rule does not fit here, or keep to it." } },
  create: (context) => ({
    Program() {
      for (const comment of context.sourceCode.getAllComments()) {
        if (!/^\s*eslint-disable/.test(comment.value) || /\s--\s+\S/.test(comment.value)) continue;
        // Before the line begins, where the comment itself has no effect yet.
        context.report({ loc: { start: { line: comment.loc.start.line, column: -1 }, end: comment.loc.end }, messageId: "why" });
      }
    },
  }),
};

export default defineConfig(
  globalIgnores(["dist/", "sdk/dist/", "data/", "reports/", "**/generated/", "**/__generated__/"]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: CODE,
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { gateway: { rules: { "described-disables": describedDisables } } },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "gateway/described-disables": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-async-promise-executor": "error",
      "no-cond-assign": "error",
      "no-self-compare": "error",
      "no-template-curly-in-string": "error",
      "no-unsafe-finally": "error",
      "@typescript-eslint/consistent-type-exports": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports", disallowTypeAnnotations: false }],
      "@typescript-eslint/no-import-type-side-effects": "error",
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", ignoreRestSiblings: true }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      // `return refuse(…)` says "and that is all" in one line.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }],
      // A type of the schema may have no field but those of its interfaces; its decorator is what it is for.
      "@typescript-eslint/no-extraneous-class": ["error", { allowWithDecorator: true }],
      // Fastify's types follow from what its options are asserted to be.
      "@typescript-eslint/no-unnecessary-type-assertion": ["error", { typesToIgnore: ["FastifyBaseLogger"] }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],

      // What does not fit here, and why.
      "@typescript-eslint/no-empty-function": "off", // Doing nothing is a fine thing to be told.
      "@typescript-eslint/no-inferrable-types": "off", // `: number` also widens a literal.
      "@typescript-eslint/no-unnecessary-condition": "off", // It trusts variables that callbacks change, and every type of a package.
      "@typescript-eslint/no-unnecessary-type-arguments": "off", // A default that is spelled out is still true when the default changes.
      "@typescript-eslint/no-unnecessary-type-parameters": "off", // One use is enough to tie a key to its table.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off", // Types of the schema are classes for their decorators; their values are plain.
      "@typescript-eslint/no-unsafe-enum-comparison": "off", // We have no enums; a package's enum is compared with what the wire says.
      "@typescript-eslint/require-await": "off", // `async` is also what turns a throw into a rejection.
      "@typescript-eslint/unbound-method": "off", // Our interfaces are written with methods and made of closures, which have no `this`.
    },
  },
  {
    // Tests look into answers as deep as their story goes; a wrong guess fails the test, which is what it is for.
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  {
    files: CODE,
    ignores: CONFIGURATION,
    rules: {
      "no-restricted-syntax": [
        "error",
        { selector: "ExportDefaultDeclaration", message: "Export it by its name: a default export has another name in every file." },
      ],
    },
  },
);
