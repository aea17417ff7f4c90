using static TorchSharp.torch;

namespace Acceleration;

/// <summary>What a site does. Make it a static lambda: all it needs comes in <paramref name="state"/> and is read through <paramref name="e"/>.</summary>
/// <param name="h">The site's input.</param>
/// <param name="state">The network's own data for this site.</param>
/// <param name="e">The evaluation to use inside: its rows and tokens may be fewer than outside.</param>
public delegate Value SiteBody<in TState>(Value h, TState state, Evaluation e);

/// <summary>Block <paramref name="block"/> of a chain.</summary>
/// <param name="h">The block's input.</param>
/// <param name="block">0-based position in the chain.</param>
/// <param name="state">The network's own data.</param>
/// <param name="e">The evaluation to use inside.</param>
public delegate Value BlockBody<in TState>(Value h, int block, TState state, Evaluation e);

/// <summary>Blocks <paramref name="from"/> up to, not including, <paramref name="to"/> of a chain: several where no strategy works at them or within, one where one does.</summary>
/// <param name="h">Input of the first.</param>
/// <param name="from">0-based position of the first block.</param>
/// <param name="to">Position of the block after the last.</param>
/// <param name="state">The network's own data.</param>
/// <param name="e">The evaluation to use inside.</param>
public delegate Value BlocksBody<in TState>(Value h, int from, int to, TState state, Evaluation e);

/// <summary>Computes a published signal from the chain's input.</summary>
public delegate Tensor SignalBody<in TState>(Value h, TState state, Evaluation e);
