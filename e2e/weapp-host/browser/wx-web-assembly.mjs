// WXWebAssembly: WebAssembly from a file of the package, and from nothing else.
// https://developers.weixin.qq.com/miniprogram/dev/framework/performance/wasm.html

export function wasmOf(host) {
  return {
    async instantiate(path, imports = {}) {
      if (typeof path !== 'string' || !/\.wasm(\.br)?$/.test(path))
        throw new TypeError('WXWebAssembly.instantiate: only a package path ending in .wasm or .wasm.br is accepted');
      const file = path.replace(/^\//, '');
      if (!host.program.files.includes(file))
        throw new Error(`WXWebAssembly.instantiate: ${path} is not in the package`);
      if (!host.packages.isLoaded(host.packages.rootOf(file)))
        throw new Error(`WXWebAssembly.instantiate: the sub-package of ${path} has not been loaded`);
      const bytes = await (await fetch(`/app/${file}`)).arrayBuffer();
      return WebAssembly.instantiate(bytes, imports);
    },
    Memory: WebAssembly.Memory,
    Table: WebAssembly.Table,
    Global: WebAssembly.Global,
    RuntimeError: WebAssembly.RuntimeError,
  };
}
