using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration;

/// <summary>Runs a piece of work in a dispose scope of its own and lets only its result out.</summary>
internal static class Scoped
{
    /// <summary>Runs <paramref name="work"/>; <c>Made</c> says which members of its result were made inside (and now belong to the outer scope).</summary>
    public static (Value Result, OwnedTensors Made) Run<TState>(TState state, Func<TState, Value> work)
    {
        using var scope = NewDisposeScope();
        var result = work(state);
        return (result, new(MoveOut(scope, result.Main), MoveOut(scope, result.Text), MoveOut(scope, result.JointForm)));
    }

    /// <summary>A result that was not made here (the input itself, a tensor of the network) must stay where it is.</summary>
    private static Tensor? MoveOut(DisposeScope scope, Tensor? member) =>
        member is not null && scope.Contains(member) ? member.MoveToOuterDisposeScope() : null;
}
