namespace Acceleration;

/// <summary>Tells an observer, if there is one.</summary>
internal static class PoolTelling
{
    public static void Tell(this IPoolObserver? observer, Action<IPoolObserver> what)
    {
        if (observer is null)
        {
            return;
        }

        try
        {
            what(observer);
        }
        catch (Exception)
        {
            // As its documentation says: a log must not fail a request.
        }
    }
}
