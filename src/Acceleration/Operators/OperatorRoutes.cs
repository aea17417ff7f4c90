namespace Acceleration;

/// <summary>
/// How <see cref="MatrixProduct"/>, <see cref="DenseAttention"/>, <see cref="Gelu"/> and <see cref="LinearGelu"/> choose between equivalent forms on the CPU:
/// each class of shapes is measured once, on first use, and keeps its route for the life of the process, so equal calls give
/// equal bits. Other devices always take the native form, and nothing is measured there.
/// </summary>
/// <remarks>
/// Two processes may choose differently, and their results then differ by rounding. <see cref="PinNative"/> removes the choice
/// where results must be equal across processes.
/// </remarks>
public static class OperatorRoutes
{
    /// <summary>Sets the routes of all operators at once; null leaves an operator to measurement.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is not a member of its enumeration.</exception>
    public static void Pin(MatrixRoute? matrix = null, AttentionRoute? attention = null, GeluRoute? gelu = null, LinearGeluRoute? linearGelu = null)
    {
        MatrixProduct.Route = matrix;
        DenseAttention.Route = attention;
        PartialAttention.Table.Pinned = (int?)attention;
        Gelu.Route = gelu;
        LinearGelu.Route = linearGelu;
    }

    /// <summary>Pins every operator to libtorch's own form; nothing is measured from then on.</summary>
    public static void PinNative() => Pin(MatrixRoute.Linear, AttentionRoute.Fused, GeluRoute.Native, LinearGeluRoute.Separate);

    /// <summary>Drops what was measured, so that the next calls measure again; pins stay. For use after a change of thread count.</summary>
    public static void Forget()
    {
        foreach (var table in Tables)
        {
            table.Forget();
        }
    }

    /// <summary>All decisions so far, operator by operator.</summary>
    public static IReadOnlyList<RouteChoice> Describe() =>
        [.. Tables.SelectMany(t => t.Describe())];

    /// <summary>What was measured, for a session that goes on in another process.</summary>
    internal static SavedRoute[] Save() => [.. Tables.SelectMany(t => t.Save())];

    /// <summary>Takes over what another process measured, where this one has not yet.</summary>
    internal static void Adopt(IReadOnlyList<SavedRoute> measured)
    {
        foreach (var table in Tables)
        {
            table.Adopt(measured);
        }
    }

    private static RouteTable[] Tables => [MatrixProduct.Table, DenseAttention.Table, PartialAttention.Table, Gelu.Table, LinearGelu.Table];
}
