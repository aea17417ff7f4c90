using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// What a <see cref="MeasuredWhen"/> measures, in one request. What it remembers lies in the run's store, under <see cref="WhenCall.Key"/>. Dimension 0 of every tensor that it sees is rows: where a site holds the frames of a row
/// there as well, they are dimension 1.
/// </summary>
public interface IStatistic
{
    /// <summary>Whether something can be said of a row: what it is compared with is remembered. Otherwise it is computed.</summary>
    bool Knows(in WhenCall call, RowId row);

    /// <summary>Measures rows of which something can be said.</summary>
    /// <returns>float32 [numbers, rows], or [rows], on the device. All are read at once.</returns>
    Tensor Measure(in WhenCall call, RowSet rows);

    /// <summary>The error that is compared with <see cref="MeasuredWhen.Limit(StepInfo)"/>; what is not a number computes.</summary>
    /// <param name="call">The call.</param>
    /// <param name="row">The row.</param>
    /// <param name="before">The error at the last decision where that was to skip, else 0: for errors that add up.</param>
    /// <param name="measured">What was measured of one row.</param>
    float Error(in WhenCall call, RowId row, float before, ReadOnlySpan<float> measured);

    /// <summary>The limit of one row, where it follows what was remembered of that row; else that of the step, which is given.</summary>
    double Limit(in WhenCall call, RowId row, double limit) => limit;

    /// <summary>Sees every row on which a decision was taken, whatever it was: for comparisons with the step before.</summary>
    void Decided(in WhenCall call, RowSet rows)
    {
    }

    /// <summary>Sees rows that were really computed: for comparisons with the last computed step.</summary>
    void Computed(in WhenCall call, RowSet rows, Value input, Value output)
    {
    }
}
