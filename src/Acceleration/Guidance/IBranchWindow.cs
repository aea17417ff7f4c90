namespace Acceleration;

/// <summary>Steps in which a branch may be evaluated at all, known before the run. Any number of strategies may have one; what they leave is an <see cref="IBranchPolicy"/>'s choice.</summary>
public interface IBranchWindow : IRun
{
    /// <summary>Whether the step may evaluate the branch. Not asked for <see cref="Branch.Conditional"/>. Solvers of several calls are answered alike for each call of a step.</summary>
    bool Includes(StepInfo step, int branch);
}
