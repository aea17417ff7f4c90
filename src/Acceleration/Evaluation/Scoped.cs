using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Runs a piece of work in a dispose scope of its own and lets only its result out.</summary>
internal static class Scoped
{
    /// <summary>Runs <paramref name="work"/>; <c>Escaped</c> says whether its result was made inside (and now belongs to the outer scope).</summary>
    public static (Value Result, bool Escaped) Run<TState>(TState state, Func<TState, Value> work)
    {
        using var scope = NewDisposeScope();
        var result = work(state);
        var escaped = false;
        foreach (var member in result.Members())
        {
            // A result that was not made here (the input itself, a tensor of the network) must stay where it is.
            if (scope.Contains(member))
            {
                member.MoveToOuterDisposeScope();
                escaped = true;
            }
        }

        return (result, escaped);
    }

    /// <summary>Releases a value's handles.</summary>
    public static void Dispose(Value value)
    {
        foreach (var member in value.Members())
        {
            member.Dispose();
        }
    }
}
