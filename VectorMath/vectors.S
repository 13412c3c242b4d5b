// The loops of vectors.h for x86-64, with the System V calling convention: vectors are passed and
// returned in the first vector registers, and all vector registers are caller-saved.

#if defined(__x86_64__) && defined(__ELF__)

// vec_map_NAME(rdi: function, rsi: x, rdx: y, rcx: count)
.macro MAP name, register, bytes
        .globl  vec_map_\name
        .hidden vec_map_\name
        .type   vec_map_\name, @function
        .p2align 4
vec_map_\name:
        .cfi_startproc
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbx, 0
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r12, 0
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r13, 0
        pushq   %r14
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r14, 0
        subq    $8, %rsp
        .cfi_adjust_cfa_offset 8
        movq    %rdi, %rbx
        movq    %rsi, %r12
        movq    %rdx, %r13
        movq    %rcx, %r14
1:      vmovups (%r12), %\register\()0
        callq   *%rbx
        vmovups %\register\()0, (%r13)
        addq    $\bytes, %r12
        addq    $\bytes, %r13
        decq    %r14
        jnz     1b
        vzeroupper
        addq    $8, %rsp
        .cfi_adjust_cfa_offset -8
        popq    %r14
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r14
        popq    %r13
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r13
        popq    %r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r12
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore %rbx
        retq
        .cfi_endproc
        .size   vec_map_\name, . - vec_map_\name
.endm

// vec_map2_NAME(rdi: function, rsi: a, rdx: b, rcx: y, r8: count)
.macro MAP2 name, register, bytes
        .globl  vec_map2_\name
        .hidden vec_map2_\name
        .type   vec_map2_\name, @function
        .p2align 4
vec_map2_\name:
        .cfi_startproc
        pushq   %rbx
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %rbx, 0
        pushq   %r12
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r12, 0
        pushq   %r13
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r13, 0
        pushq   %r14
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r14, 0
        pushq   %r15
        .cfi_adjust_cfa_offset 8
        .cfi_rel_offset %r15, 0
        movq    %rdi, %rbx
        movq    %rsi, %r12
        movq    %rdx, %r15
        movq    %rcx, %r13
        movq    %r8, %r14
1:      vmovups (%r12), %\register\()0
        vmovups (%r15), %\register\()1
        callq   *%rbx
        vmovups %\register\()0, (%r13)
        addq    $\bytes, %r12
        addq    $\bytes, %r15
        addq    $\bytes, %r13
        decq    %r14
        jnz     1b
        vzeroupper
        popq    %r15
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r15
        popq    %r14
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r14
        popq    %r13
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r13
        popq    %r12
        .cfi_adjust_cfa_offset -8
        .cfi_restore %r12
        popq    %rbx
        .cfi_adjust_cfa_offset -8
        .cfi_restore %rbx
        retq
        .cfi_endproc
        .size   vec_map2_\name, . - vec_map2_\name
.endm

        .text
        MAP     512, zmm, 64
        MAP     256, ymm, 32
        MAP2    512, zmm, 64
        MAP2    256, ymm, 32

#endif

#if defined(__ELF__)
        .section .note.GNU-stack, "", %progbits
#endif
