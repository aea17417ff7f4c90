namespace Acceleration;

/// <summary>One thing <see cref="Runtime.Tune"/> looked at.</summary>
/// <param name="Name">"threads" or "allocator".</param>
/// <param name="Changed">Whether this call changed it.</param>
/// <param name="Explanation">What was done, or why it was left.</param>
public sealed record RuntimeSetting(string Name, bool Changed, string Explanation);
