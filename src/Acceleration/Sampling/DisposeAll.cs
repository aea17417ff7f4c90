namespace Acceleration;

/// <summary>Releases everything, whatever one of its owners throws.</summary>
internal static class DisposeAll
{
    /// <returns>What was thrown first, or null.</returns>
    public static Exception? Of(params IEnumerable<IDisposable?> all)
    {
        Exception? first = null;
        foreach (var one in all)
        {
            try
            {
                one?.Dispose();
            }
            catch (Exception e)
            {
                first ??= e;
            }
        }

        return first;
    }
}
