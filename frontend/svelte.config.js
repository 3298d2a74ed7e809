// For svelte-check, which reads no Vite configuration of another mode.

export default { compilerOptions: { runes: true } };
