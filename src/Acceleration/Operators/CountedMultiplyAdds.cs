namespace Acceleration;

/// <summary>
/// Counts the multiply-adds that operators of this library, and layers of Acceleration.Models, do on this thread from here until it is disposed: matrix products, attention, convolutions. What a site or a network states as its
/// cost (<see cref="CostModel"/>) can be held against it. Where nobody counts, operators ask whether they should and nothing more.
/// </summary>
public sealed class CountedMultiplyAdds : IDisposable
{
    [ThreadStatic]
    private static CountedMultiplyAdds? _current;

    private readonly CountedMultiplyAdds? _outer = _current;

    /// <summary>Begins to count on this thread. A count inside another one is not part of that.</summary>
    public CountedMultiplyAdds() => _current = this;

    /// <summary>What counts on this thread now; null where nothing does. An operator of your own tells it what it does: <c>CountedMultiplyAdds.Current?.Add(...)</c>.</summary>
    public static CountedMultiplyAdds? Current => _current;

    /// <summary>Multiply-adds so far. The products of attention count as if every query saw every key.</summary>
    public double Total { get; private set; }

    /// <summary>Counts some more.</summary>
    /// <param name="multiplyAdds">How many.</param>
    public void Add(double multiplyAdds) => Total += multiplyAdds;

    /// <summary>Ends the count, on the thread that began it; <see cref="Total"/> stays.</summary>
    public void Dispose() => _current = _outer;
}
