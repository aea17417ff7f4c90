using static TorchSharp.torch;

namespace Acceleration;

/// <summary>
/// The rules for where tensor data lies: each tensor has exactly the bytes its shape needs, and together they cover the
/// data without overlap, gap or rest.
/// </summary>
/// <param name="dataLength">Bytes of data after the header.</param>
/// <param name="file">The checkpoint, for messages.</param>
internal sealed class SafetensorsLayout(long dataLength, string file)
{
    /// <summary>More dimensions than this are refused by libtorch's operators.</summary>
    public const int MaxRank = 64;

    /// <summary>Makes the entry of a tensor whose sizes and offsets, none negative, were read from the header.</summary>
    public TensorEntry Entry(string name, ScalarType dtype, long[] shape, long[] offsets)
    {
        if (offsets is not [var begin, var end])
        {
            throw Fault(name, "its data_offsets must be two numbers, begin and end.");
        }

        if (begin > end || end > dataLength)
        {
            throw Fault(name, $"its data_offsets [{begin}, {end}] must be ascending and inside the {dataLength} bytes of data.");
        }

        var bytes = ByteCount(dtype, shape) ?? throw Fault(name, $"its shape {Shown(shape)} overflows a 64-bit size.");
        return bytes == end - begin
            ? new(name, dtype, shape, bytes, begin)
            : throw Fault(name, $"its data_offsets hold {end - begin} bytes, but shape {Shown(shape)} of {dtype} needs {bytes}.");
    }

    /// <summary>Sorts the entries by their data, which they must cover completely.</summary>
    public IReadOnlyList<TensorEntry> InDataOrder(IEnumerable<TensorEntry> entries)
    {
        TensorEntry[] ordered = [.. entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)];
        long covered = 0;
        foreach (var entry in ordered)
        {
            if (entry.Begin != covered)
            {
                var fault = entry.Begin < covered ? "overlaps the tensor before it" : "leaves a gap after the tensor before it";
                throw Fault(entry.Name, $"its data begins at byte {entry.Begin} and {fault}, which ends at byte {covered}.");
            }

            covered = entry.End;
        }

        return covered == dataLength
            ? ordered
            : throw Fault(null, $"{dataLength - covered} trailing bytes follow the last tensor, which ends at byte {covered} of the data.");
    }

    private static long? ByteCount(ScalarType dtype, long[] shape)
    {
        try
        {
            // Zeros count as one for the overflow check: libtorch computes strides that way even for an empty tensor.
            var extent = shape.Aggregate((long)SafetensorsDType.SizeOf(dtype), (product, size) => checked(product * Math.Max(size, 1)));
            return shape.Contains(0) ? 0 : extent;
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static string Shown(long[] shape) => $"[{string.Join(", ", shape)}]";

    private CheckpointException Fault(string? tensor, string reason) => new(file, tensor, reason);
}
