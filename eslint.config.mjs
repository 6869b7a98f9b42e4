import tseslint from 'typescript-eslint';

// Bugs that types don't show; the look of the code is Biome's.
export default tseslint.config(
  { ignores: ['**/dist/**', '**/dist-types/**', '**/node_modules/**', '.cache/**', '**/*.cjs', 'docs/**'] },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: false } },
    rules: {
      'no-restricted-globals': ['error', { name: 'alert', message: 'show it in the page' }],
      'no-var': 'error',
      'prefer-const': 'error',
      eqeqeq: 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-unused-vars': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    ignores: [
      'cloudfunctions/src/config/settings.ts',
      'miniprogram/config/*.ts',
      '**/*.test.ts',
      '**/testing/**',
      'e2e/**',
      'bench/**',
    ],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'settings.ts reads the environment, once' },
      ],
    },
  },
  {
    files: ['shared/src/**/*.ts', 'cloudfunctions/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', { selector: 'TSEnumDeclaration', message: 'use a union' }] },
  },
);
