namespace Acceleration;

/// <summary>Orders of the network calls of DPM-Solver singlestep: groups 1, 2, 3, each from its first latents anew.</summary>
internal static class SinglestepOrders
{
    /// <summary>The order of a step.</summary>
    /// <param name="step">The step, of the whole run.</param>
    /// <param name="steps">Steps of the whole run.</param>
    /// <param name="order">Calls of a group, 1 to 3.</param>
    /// <param name="lowerOrderFinal">Whether the last of whole groups gives up its highest order; it does in any case where steps do not fill whole groups.</param>
    /// <param name="endsClean">Whether the run ends without noise, which takes a last step of order 1.</param>
    public static int Of(int step, int steps, int order, bool lowerOrderFinal, bool endsClean) =>
        step == steps - 1 && (endsClean || (lowerOrderFinal && steps % order == 0)) ? 1 : (step % order) + 1;
}
