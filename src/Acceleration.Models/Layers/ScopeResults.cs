using TorchSharp;
using static TorchSharp.torch;

namespace Acceleration.Models;

/// <summary>Results of work in a dispose scope that may have been made elsewhere: a strategy may answer with what it was given.</summary>
internal static class ScopeResults
{
    /// <summary>Lets a result out of the scope where it was made there; one that was not stays where it is.</summary>
    public static Tensor Leave(this DisposeScope scope, Tensor result) => scope.Contains(result) ? result.MoveToOuterDisposeScope() : result;
}
