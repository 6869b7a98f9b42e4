declare module '@cornerstonejs/codec-openjph';
