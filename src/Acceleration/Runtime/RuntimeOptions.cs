namespace Acceleration;

/// <summary>What <see cref="Runtime.Tune"/> may change.</summary>
/// <param name="Threads">Threads of one operator, 1 to 1024; null for one per physical core, unless the environment or the program
/// has chosen before.</param>
/// <param name="Allocator">Whether freed memory stays with the process (on Linux with glibc), so that large tensors do not fault in
/// new pages at every operator. The process then keeps its peak memory.</param>
public sealed record RuntimeOptions(int? Threads = null, bool Allocator = true);
